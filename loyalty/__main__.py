"""The command `loyalty`, which `python -m loyalty` is as well.

A child process of ours loads this module again before it begins, so no command stands in it.
"""

import sys


def main() -> None:
    """Do what the command line says, and end the process.

    Raises:
        SystemExit: always.
    """
    from loyalty.app import call

    sys.exit(call(sys.argv[1:]))


if __name__ == "__main__":
    main()
