"""The command `loyalty`: one verb per file in `loyalty/verbs/`, and what a problem looks like."""

import errno
from collections.abc import Callable, Sequence

import typer

from loyalty import console, outcome
from loyalty.verbs.acls import acls
from loyalty.verbs.activate import activate
from loyalty.verbs.adjust import adjust
from loyalty.verbs.card import card
from loyalty.verbs.close_day import close_day
from loyalty.verbs.codes import codes
from loyalty.verbs.db import db
from loyalty.verbs.demo import demo
from loyalty.verbs.enrol import enrol
from loyalty.verbs.explain import explain
from loyalty.verbs.find import find
from loyalty.verbs.forget import forget
from loyalty.verbs.halts import halts
from loyalty.verbs.init import init
from loyalty.verbs.label import label
from loyalty.verbs.process import process
from loyalty.verbs.programmes import programmes
from loyalty.verbs.project import project
from loyalty.verbs.publish import publish
from loyalty.verbs.quote import quote
from loyalty.verbs.report import report
from loyalty.verbs.resume import resume
from loyalty.verbs.rules import rules
from loyalty.verbs.run import run
from loyalty.verbs.schemas import schemas
from loyalty.verbs.segments import segments
from loyalty.verbs.settings import settings
from loyalty.verbs.sql import sql
from loyalty.verbs.status import status
from loyalty.verbs.test import test
from loyalty.verbs.topics import topics
from loyalty.verbs.verify import verify

_HELP = (
    "A loyalty ledger for retail chains: sales become points, vouchers and redemption rates.\n\n"
    "Events (sales, returns, enrolments, programmes, closed days) are [bold]published[/] to a log. "
    "[bold]process[/] decides each of them once and writes the ledger.  [bold]project[/] turns the "
    "ledger into tables in Postgres.\n\n"
    "Without any setting the log and Postgres are embedded, in the folder .loyalty; with "
    "LOYALTY_BOOTSTRAP_SERVERS and LOYALTY_DATABASE_URL they are yours.\n\n"
    "Begin with [bold]loyalty demo[/]."
)
_EPILOG = (
    "Exit codes: 0 well, 1 something was found, 2 wrong use or an unreadable file, "
    "3 Kafka, Postgres or the schema registry out of reach, 4 a partition stands still."
)

app = typer.Typer(
    name="loyalty",
    help=_HELP,
    epilog=_EPILOG,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_VERBS: dict[str, dict[str, Callable[..., None]]] = {
    "First steps": {"demo": demo, "init": init},
    "Events into the log": {"publish": publish, "activate": activate, "close-day": close_day},
    "People": {
        "enrol": enrol,
        "find": find,
        "label": label,
        "adjust": adjust,
        "forget": forget,
    },
    "Services": {"process": process, "project": project, "segments": segments, "run": run},
    "On call": {"status": status, "halts": halts, "resume": resume},
    "Programmes": {"test": test, "quote": quote},
    "Questions": {
        "explain": explain,
        "codes": codes,
        "report": report,
        "sql": sql,
        "verify": verify,
    },
    "Set-up": {"topics": topics, "schemas": schemas, "acls": acls, "settings": settings},
}
for _panel, _commands in _VERBS.items():
    for _name, _verb in _commands.items():
        app.command(_name, rich_help_panel=_panel)(_verb)
app.add_typer(rules, name="rules", rich_help_panel="Programmes")
app.add_typer(programmes, name="programmes", rich_help_panel="Programmes")
app.add_typer(card, name="card", rich_help_panel="People")
app.add_typer(db, name="db", rich_help_panel="Set-up")


def call(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; expected trouble is one sentence."""
    try:
        app(list(arguments), prog_name="loyalty")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception as problem:
        expected = outcome.told(problem) or _of_the_terminal(problem, arguments)
        if expected is None:
            raise
        console.err().print(expected.sentence, style="red", markup=False)
        return int(expected.code)
    return int(outcome.Code.WELL)


def _of_the_terminal(problem: Exception, arguments: Sequence[str]) -> outcome.Told | None:
    """What a terminal or a full disk does to any command; None if it is neither."""
    if isinstance(problem, UnicodeEncodeError) and not all(map(_is_text, arguments)):
        # Names of files may be of any bytes, so this is no trouble before somebody wants text.
        sentence = "What was typed is not UTF-8: the terminal writes in another encoding."
        return outcome.Told(sentence, outcome.Code.WRONG_USE)
    if isinstance(problem, OSError) and problem.errno in _FULL:
        sentence = f"Not all could be written: {problem.strerror}."
        return outcome.Told(sentence, outcome.Code.WRONG_USE)
    return None


def _is_text(word: str) -> bool:
    return not any("\udc80" <= sign <= "\udcff" for sign in word)
