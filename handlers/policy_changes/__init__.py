"""Changes of the policy as people meet them: on cards, opened, and in what they are told."""
