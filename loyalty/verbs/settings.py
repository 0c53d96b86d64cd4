"""`loyalty settings`: what is set, to what, and by which variable."""

from loyalty.console import show
from loyalty.inputs import AsCsv


def settings(*, as_csv: AsCsv = False) -> None:
    """Every setting, its value and where it comes from; secrets are not shown.

    A setting is given by its variable, LOYALTY_ and its name in capitals, or read from the file
    that the variable with _FILE behind it names.  Variables that look like one and are none are
    named, as by every command.
    """
    from infra import settings as all_settings

    current = all_settings.load()
    rows = [
        (name, all_settings.shown(current, name), all_settings.whence(name), field.description)
        for name, field in type(current).model_fields.items()
    ]
    show(("setting", "value", "from", "what for"), rows, as_csv=as_csv)
