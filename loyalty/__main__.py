"""The command `loyalty`, which `python -m loyalty` is as well.

A child process of ours loads this module again before it begins, so no command stands in it.
"""


def main() -> None:
    """Do what the command line says, and end the process.

    Raises:
        SystemExit: always.
    """
    from loyalty import app

    app.main()


if __name__ == "__main__":
    main()
