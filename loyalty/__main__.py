"""`python -m loyalty` is the command `loyalty`."""

from loyalty.app import main

main()
