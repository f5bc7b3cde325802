"""The five texts of the demo, read as they were pasted."""

import json
import os
from pathlib import Path

import pytest

from events.agenda_text import Agenda, Item, Link, Person, parse_agenda

TEXTS = Path(__file__).parents[2] / "events" / "demo"
GOLDEN = Path(__file__).parents[1] / "golden" / "agenda"
NAMES = sorted(path.stem for path in TEXTS.glob("*.txt"))


def agenda_of(name: str) -> Agenda:
    return parse_agenda((TEXTS / f"{name}.txt").read_bytes())


def block_of(agenda: Agenda) -> Item:
    (block,) = [session for session in agenda.sessions if session.kind == "lightning"]
    return block


@pytest.mark.parametrize("name", NAMES)
def test_a_text_gives_exactly_its_golden_file(name: str) -> None:
    """Run with UPDATE_GOLDEN=1 to accept what changed."""
    made, path = agenda_of(name).as_json(), GOLDEN / f"{name}.json"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(json.dumps(made, ensure_ascii=False, indent=2) + "\n")
    assert made == json.loads(path.read_text())


def test_there_are_five_texts() -> None:
    assert len(NAMES) == 5


@pytest.mark.parametrize("name", NAMES)
def test_every_title_name_and_affiliation_stands_in_the_text_word_for_word(name: str) -> None:
    text = " ".join((TEXTS / f"{name}.txt").read_text().replace("*", "").split())
    for session in agenda_of(name).sessions:
        for found in (session, *session.talks):
            people = [part for person in found.speakers for part in (person.name, person.affiliation)]
            links = [part for link in found.links for part in (link.title, link.url)]
            assert [part for part in (found.title, *people, *links, *found.topics) if part not in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_line_with_words_is_used_or_reported_once(name: str) -> None:
    agenda = agenda_of(name)
    lines = [lost.line for lost in agenda.not_understood]
    assert lines == sorted(set(lines))
    assert not {session.line for session in agenda.sessions} & set(lines)


def test_the_expert_day_has_a_keynote_two_sessions_and_23_lightning_speakers() -> None:
    agenda = agenda_of("apac-expert-day")
    assert [(session.kind, session.title) for session in agenda.sessions] == [
        ("keynote", "Keynote"),
        ("talk", "XLA"),
        ("talk", "TensorFlow High-Level API"),
        ("lightning", "Lightening Talks"),
    ]
    assert [(talk.title, *(str(person.name) for person in talk.speakers)) for talk in block_of(agenda).talks] == [
        ("How to teach machine learning to non-tech people.", "Rayan Z"),
        ("How your data could be trusted.", "Sin c"),
        ("", "Alex B"),
        ("Policy Learning in Sparkse Reward Home Simulation with Introspec", "Donghyun Kwak"),
        ("Magellan block", "Tomoyuki Chikanaga"),
        ("Session-basd recommendation with RNN.", "Sprawit Saengkyongam (James)"),
        ("70% code are redundant", "Sung Kim"),
        ("A distributed code snippet execution engine.", "Jeongkyu Shin"),
        ("", "Luke"),
        ("Robot with Neural Controller", "Masahiko Adachi"),
        ("", "Norihiro Shimoda"),
        ("Image classification by car", "Mithuhisa Ohta"),
        ("Object Detection", "Karthik Muthuswamy"),
        ("", "Thia Kai Xin"),
        ("(Security Analysis) Anomalies in time series for RNN", "Andrew Stevens"),
        ("Face recognition of pop stars", "Yoshihiro Sugi"),
        ("A usb flash drive for jupyter tensorflow 1.0", "Martin Andrews"),
        ("News Feed Tanking with Human-in-the-loop", "Ta"),
        ("SAP Clea: Lots of machine learning product (CV, Bot, IOT...)", "Sujoy Roy"),
        ("", "Talha Obaid"),
        ("Teach ML", "Amit Kapoor"),
        ("Music Generation", "Nichal", "Raghotham"),
        ("Round text detect (also other direction of text detection)", "Christin"),
    ]


def test_the_expert_day_gives_affiliations_only_where_the_text_does() -> None:
    talks = block_of(agenda_of("apac-expert-day")).talks
    assert {person.name: person.affiliation for talk in talks for person in talk.speakers if person.affiliation} == {
        "Luke": "freelancer in Australia",
        "Masahiko Adachi": "GDE",
        "Mithuhisa Ohta": "deep learning team leader",
        "Karthik Muthuswamy": "GCPUG",
        "Andrew Stevens": "CTO and Architect : two company",
        "Ta": "ex-facebook data scientist",
        "Sujoy Roy": "SAP",
        "Talha Obaid": "Samantec Email Security",
        "Amit Kapoor": "Teaching DS",
        "Nichal": "UnnatiData Labs",
        "Raghotham": "UnnatiData Labs",
        "Christin": "Master Student in Malasia",
    }


def test_the_expert_day_keeps_links_and_notes_with_their_talk() -> None:
    talks = {talk.speakers[0].name: talk for talk in block_of(agenda_of("apac-expert-day")).talks}
    assert {name: talk.links for name, talk in talks.items() if talk.links} == {
        "Alex B": (Link("bbx.ai", "http://bbx.ai/"),),
        "Sprawit Saengkyongam (James)": (Link("", "https://www.tensorflow.org/tutorials/recurrent"),),
        "Jeongkyu Shin": (
            Link("Sorna.io", "http://sorna.io/"),
            Link("Slide", "https://www.slideshare.net/inureyes/chat-bot-making-process-using-python-3-tensorflow"),
        ),
        "Yoshihiro Sugi": (Link("", "https://github.com/sugyan/tf-dcgan"),),
        "Martin Andrews": (Link("github", "https://github.com/mdda/deep-learning-workshop"),),
    }
    assert talks["Thia Kai Xin"].notes.splitlines() == [
        "- Data Scientist SG",
        "- Big data SG",
        "- Current situation:",
        "  - Lots of requirement (Data Scientsit) in SG, but no supply.",
        "  - Student could not meet market",
    ]


def test_the_2019_meetup_has_the_time_table_of_its_comment_and_the_talks_of_its_prose() -> None:
    agenda = agenda_of("2019-neurips-meetup")
    assert [(session.kind, session.starts, session.title, session.speakers) for session in agenda.sessions] == [
        ("talk", None, "Advances in Unsupervised and Self Supervised Learning", (Person("Sam Witteveen"),)),
        ("talk", None, "SLAYER for Deep Spiking Neural Network", (Person("Sumit Bam Shrestha", "NUS"),)),
        ("talk", None, "NeurIPS Lightning Talks", ()),
        ("lightning", "09:50", "5-minute talks", ()),
        ("talk", "10:45", "Hacker Room", ()),
        ("talk", "11:15", "TF2.0 and porting models", ()),
        ("break", "12:00", "Lunch with Community contributions panel", ()),
        ("talk", "13:15", "Research and the Future", ()),
    ]
    assert [(talk.title, talk.minutes, talk.speakers) for talk in block_of(agenda).talks] == [
        ("Ultrasound", 5, ()),
        ("tf.jl Julia", 5, ()),
        ("NetEase.cn (AR translation, inc. offline, in TF.lite)", 5, ()),
        ('Uber (tf.js debugging tool : "Manifold")', 5, ()),
        ("Alibaba.cn (AI Cloud, inc TAO optimizer & FPGA)", 5, ()),
        ("tf.lattice (monotonicity guarantee for models)", 5, ()),
        ("Unicode and ragged tensors (tf.ragged)", 5, ()),
        ("Education (teachable machine, move mirror, PoseNet) : AI experiments", 5, ()),
    ]
    assert agenda.sessions[-1].notes.splitlines()[0] == "- Exascale (FP16) weather prediction"


def test_the_2017_highlights_have_nine_sessions_and_three_codelabs() -> None:
    agenda = agenda_of("2017-io-highlights")
    assert [(session.kind, session.title, session.minutes) for session in agenda.sessions] == [
        ("talk", "Building rich cross-platform conversational UX with API.AI", None),
        ("talk", "Effective TensorFlow for Non-experts", None),
        ("talk", "Open Source TensorFlow Models", None),
        ("talk", "Project Magenta: Music and art with machine learning", None),
        ("talk", "Using Google Cloud, TensorFlow, and the Google Assistant on Android Things", None),
        ("talk", "Android meets TensorFlow", None),
        ("talk", "TensorFlow Frontiers", None),
        ("talk", "From Research to Production TensorFlow serving", None),
        ("talk", "Pushing the boundaries of Machine Learning", None),
        ("codelab", "Android & TensorFlow: Artistic Style Transfer", 22),
        ("codelab", "TensorFlow For Poets", 55),
        ("codelab", "TensorFlow for Poets 2: Optimize for Mobile", 55),
    ]
    assert agenda.sessions[0].notes == "- chatbot"
    assert agenda.sessions[-1].notes == "markdaoust Updated May 17, 2017"


def test_the_2018_recap_has_seven_picks_with_the_numbers_they_were_given() -> None:
    agenda = agenda_of("2018-dev-summit-recap")
    assert [(session.number, session.title) for session in agenda.sessions] == [
        ("9", "Reconstructing Fusion Plasmas"),
        ("10", "Real-World Robot Learning"),
        ("11", "Project Magenta"),
        ("13", "Nucleus TensorFlow toolkit for Genomi"),
        ("19", "Applied AI at The Coca-Cola Company"),
        (None, "Cassava Disease"),
        (None, "AstroNet: Identify Exoplanets in Light Curves"),
    ]
    assert agenda.sessions[1].notes == (
        "方案\n  - 单眼视觉采集RGB图\n  - 神经网络控制机械臂\n问题\n  - 90%--23%\n解决方案\n  - Sim-Real Transfer"
    )
    assert agenda.sessions[2].notes == "1 根据输入自行输出 RNN\n2 更换乐器\n3 更换风格"


def test_the_2019_recap_has_the_five_sessions_of_its_contents() -> None:
    agenda = agenda_of("2019-dev-summit-recap")
    assert [session.title for session in agenda.sessions] == [
        "In Codice Ratio",
        "Reinforcement Learning",
        "TF Probability",
        "Airbnb",
        "轻量化",
    ]
