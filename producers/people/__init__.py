"""Who the members are: how cards, phones and e-mails are written, and the register of them."""
