"""What is remembered. Rows stay in this room: its functions take a Session first, and give and take values."""
