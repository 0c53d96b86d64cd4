"""What an operator asks at night: what stands still, why, what is not harmed, what to do."""
