"""The programme as people meet it: its page, its gates, and what they are told of them."""
