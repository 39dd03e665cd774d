"""What leaves as a file: the register, and the evidence of one use case."""
