"""`python -m loyalty` is the command `loyalty`."""

from loyalty.app import main

if __name__ == "__main__":  # a child process of ours imports this module again
    main()
