"""What the screens of a stage say: one table for the pages as the server draws them, and for their scripts.

{braces} are filled here or by the script. A light is the stage's state, or while a talk is on how much time it has.
"""

from django.utils.translation import gettext_lazy, pgettext_lazy

from web.vocabulary import QUEUE_SCRIPT, Words

LIGHTS: Words = {
    "light.ready": pgettext_lazy("a round that has not begun, above its time", "Starts at"),
    "light.on": pgettext_lazy("above the time at which a talk's time is over", "On stage until"),
    "light.green": pgettext_lazy("a talk with more than a minute left", "On time"),
    "light.amber": gettext_lazy("Last minute"),
    "light.red": gettext_lazy("Wrap up now"),
    "light.questions": pgettext_lazy("a talk whose time is over, and the audience asks", "Questions"),
    "light.over": gettext_lazy("Over time"),
    "light.paused": pgettext_lazy("the clock of a talk", "Paused"),
    "light.between": gettext_lazy("Next on stage"),
    "light.finished": pgettext_lazy("a round of talks", "Finished"),
}
PANEL: Words = LIGHTS | {"place": gettext_lazy("{number} of {count}")}
SCREEN: Words = PANEL | {
    "join.open.one": gettext_lazy("1 slot open."),
    "join.open.other": gettext_lazy("{count} slots open."),
    "join.five": gettext_lazy("Five minutes, your turn?"),
    "join.turn": gettext_lazy("Your turn?"),
    "join.slides": gettext_lazy("Slides and feedback"),
    "join.thisTalk": gettext_lazy("of this talk are here."),
    "join.allTalks": gettext_lazy("of all talks are here."),
    "join.code": gettext_lazy("QR code for {address}"),
}
SPEAKER: Words = PANEL | {
    "turn.on": gettext_lazy("This is your talk."),
    "turn.next": gettext_lazy("You are next."),
    "turn.in": gettext_lazy("You are on in about {minutes} min,"),
    "turn.at": gettext_lazy("You are on at about {time},"),
    "turn.before.one": gettext_lazy("one talk before you."),
    "turn.before.other": gettext_lazy("{count} talks before you."),
}
LIVE: Words = PANEL | {
    "late.late": gettext_lazy("Running {minutes} min late"),
    "late.early": gettext_lazy("Running {minutes} min early"),
    "late.onTime": gettext_lazy("Running on time"),
    "about": pgettext_lazy("a time of day", "about {time}"),
    "clap": pgettext_lazy("a button", "Applaud {name}"),
    "aboutTalk": pgettext_lazy("a link to a talk", "The talk of {name}"),
    "clapped": gettext_lazy("You applauded"),
    "notClapped": gettext_lazy("That did not arrive. Tap once more."),
    "offline": gettext_lazy("No network. The clock goes on, news has to wait."),
}
REMOTE: Words = (
    PANEL
    | QUEUE_SCRIPT
    | {
        "link.stream": gettext_lazy("Screens connected"),
        "link.polling": gettext_lazy("Slow connection: every 5 seconds"),
        "link.offline": gettext_lazy("Offline"),
        "offline": gettext_lazy("There is no network, so the buttons do not work. The clock goes on by itself."),
        "noAnswer": gettext_lazy("No answer. Nothing may have happened: look at the clock, then press again."),
        "refused": gettext_lazy("That could not be done. Load the page again."),
    }
)


def late_words(minutes: int) -> str:
    """Running 7 min late; negative is early."""
    word = "late.late" if minutes > 0 else "late.early" if minutes < 0 else "late.onTime"
    return str(LIVE[word]).format(minutes=abs(minutes))
