"""The vocabulary: words that open a programme, name a kind of session, or are never a person's name."""

from __future__ import annotations

# Whole headings and labels, compared without case and without the punctuation around them.
PROGRAMME_WORDS = frozenset(
    """agenda program programme schedule sessions talks timetable time-table lineup line-up presentations lectures
    tonight today programm ablauf vorträge horaire programa charlas ponencias programma planning rundown itinerary
    議程 议程 日程 流程 安排
    今天 今日 演讲 演講 分享 プログラム タイムテーブル スケジュール 프로그램 일정 발표""".split()
)
WEAK_PROGRAMME_WORDS = frozenset("speakers abstracts topics demos presenters 讲师 嘉宾 登壇者 연사".split())
CLOSING_WORDS = frozenset(
    "总结 總結 谢谢 謝謝 thanks thank-you summary conclusion conclusions references まとめ 정리".split()
)
ABOUT_WORDS = frozenset(
    """about venue location where address directions sponsors sponsor rsvp registration-link faq 报名 contact organisers
    organizers organiser organizer when date parking accessibility hosts host links coc code-of-conduct hosted-by
    sponsored-by 地点 地址 时间地点 主办 会场""".split()
)

# Two words of one line that only a lightning block has.
LIGHTNING_SPEED = frozenset("lightning lightening lighting lightening ligthning flash blitz ignite short quick".split())
LIGHTNING_WHAT = frozenset("talk talks round rounds session sessions presentation presentations pitches".split())
LIGHTNING_PHRASES = (
    "闪电演讲",
    "閃電演講",
    "闪电分享",
    "ライトニングトーク",
    "라이트닝 토크",
    "pecha kucha",
    "pechakucha",
    "lt大会",
    "lt会",
)

KIND_WORDS: dict[str, str] = {
    **dict.fromkeys(("keynote", "keynotes", "主题演讲", "主旨演讲", "基調講演"), "keynote"),
    **dict.fromkeys(("panel", "panels", "roundtable", "圆桌", "圆桌讨论", "座谈"), "panel"),
    **dict.fromkeys(("workshop", "workshops", "hands-on", "tutorial", "tutorials", "工作坊", "実習"), "workshop"),
    **dict.fromkeys(("codelab", "codelabs", "code-lab", "code-labs"), "codelab"),
    **dict.fromkeys(("talk", "talks", "presentation", "lecture", "session", "演讲", "分享"), "talk"),
}
BREAK_WORDS = frozenset(
    """break breaks lunch coffee tea intermission pause mittagspause kaffeepause déjeuner almuerzo descanso
    茶歇 午餐 午休 休息 昼食 休憩 휴식 점심""".split()
)
SOCIAL_WORDS = frozenset(
    """doors door end ende fin finish
    arrival arrivals registration check-in checkin sign-in networking drinks pizza pizzas snacks food social mingle
    mingling beer beers dinner party after-party afterparty reception refreshments einlass einlaß accueil apéro
    签到 结束 自由交流 交流 晚餐 聚餐 受付 懇親会 등록""".split()
)
# "Networking in Kubernetes" and "Break the monolith" are talks.
NOT_A_PAUSE_BEFORE = frozenset("in for of the your our on as to into down through up a an my is as-a free".split())

LABEL_WORDS: dict[str, str] = {
    **dict.fromkeys(("speaker", "speakers", "presenter", "presenters", "presented by", "presentado por"), "people"),
    **dict.fromkeys(("by", "panelist", "panelists", "panellist", "panellists", "moderator"), "people"),
    **dict.fromkeys(("moderated by", "instructor", "instructors", "facilitator", "referent", "ponente"), "people"),
    **dict.fromkeys(
        ("讲师", "講師", "演讲者", "演讲人", "主讲", "主讲人", "嘉宾", "分享人", "発表者", "연사"), "people"
    ),
    **dict.fromkeys(
        ("title", "talk", "talk title", "session", "topic", "题目", "主题", "议题", "题名", "标题"), "title"
    ),
    **dict.fromkeys(("topics", "tags", "tag", "keywords", "标签", "话题", "关键词"), "topics"),
    **dict.fromkeys(("time", "start", "starts", "时间", "時間"), "time"),
    **dict.fromkeys(("duration", "length", "时长", "時長"), "length"),
    **dict.fromkeys(("affiliation", "company", "organisation", "organization", "单位", "公司"), "affiliation"),
    **dict.fromkeys(("abstract", "description", "summary", "details", "notes", "简介", "摘要", "内容"), "notes"),
}
COLUMN_WORDS: dict[str, str] = {
    **dict.fromkeys(("time", "when", "start", "starts", "begin", "uhrzeit", "heure", "hora", "时间", "時間"), "time"),
    **dict.fromkeys(("title", "talk", "session", "topic", "what", "subject", "activity", "item", "event"), "title"),
    **dict.fromkeys(
        ("presentation", "agenda", "thema", "titel", "titre", "主题", "题目", "议题", "内容", "标题"), "title"
    ),
    **dict.fromkeys(("speaker", "speakers", "who", "presenter", "presenters", "name", "referent"), "people"),
    **dict.fromkeys(("讲师", "演讲者", "嘉宾", "分享人", "主讲人", "講師", "发言人"), "people"),
    **dict.fromkeys(("affiliation", "company", "organisation", "organization", "org", "from", "公司", "单位"), "org"),
    **dict.fromkeys(("minutes", "min", "mins", "duration", "length", "dauer", "时长"), "length"),
    **dict.fromkeys(("end", "ends", "finish", "until"), "end"),
    **dict.fromkeys(("link", "links", "slides", "url", "video", "material"), "links"),
    **dict.fromkeys(("type", "kind", "format"), "kind"),
    **dict.fromkeys(("tags", "topics", "标签"), "topics"),
    **dict.fromkeys(("#", "no", "no.", "nr", "nr.", "number"), "number"),
    **dict.fromkeys(("notes", "abstract", "description", "details", "room", "track", "简介", "where"), "notes"),
}

# A note under a speaker that says who they are or where they belong, not what they talked about.
BELONGING_WORDS = frozenset(
    """company startup member members meetup meetups association community gdg gde gdgs tfug pydata user-group usergroup
    chapter ceo cto cfo coo vp founder cofounder co-founder engineer developer scientist researcher student professor
    lecturer freelancer consultant ds organiser organizer employee intern team""".split()
)
REGIONS = frozenset("SG MY TH ID PH VN HK TW JP KR CN AU AUS NZ UK EU US USA DE FR".split())
ORGANISATION_WORDS = frozenset(
    """university universität université institute college school lab labs inc ltd llc gmbh ag corp corporation company
    society foundation group team association technologies technology systems solutions software bank ventures
    studio studios studios research media networks security consulting robotics analytics ai cloud
    google microsoft amazon apple facebook meta ibm intel nvidia oracle netflix uber airbnb twitter linkedin spotify
    github gitlab redhat canonical mozilla alibaba tencent baidu huawei grab gojek shopee nus ntu astar sap""".split()
)

# Capitalised in titles, never (or hardly ever) part of a person's name.
TITLE_WORDS = frozenset(
    """a about above access accelerated across action actions adaptive adding adventures advanced advances after again
    agent agents agile algebra algorithm algorithms all alternative an analysis analytics and android angular animals
    anomalies anomaly answers ansible anything apache api apis app application applications apps approach architecture
    are art artificial as ask at attack attention audio automated automatic autonomous aws azure back backend bad bar
    basics batch bayesian beautiful become before begin beginner beginners behind benchmark benchmarks best better
    between beyond big binary blockchain bot bots boundaries box brain breaking bring browser budget bug bugs build
    builders building business by cache cars case cassava celery challenge challenges chat chatbot children chrome
    class classes classic clean cli client clojure closing cloud clouds code codes coding collaborative command common
    community compiler compilers complete complex components computer computers computing concurrency conference
    configuration consistent container containers content contributing controller conversation conversational cool
    copilot core cost costs course crash create creating creative css culture current custom cyber dark dart dashboard
    data database databases dataset datasets day days debugger debugging deep delivery demo demos deploy design
    detection dev developer developers devops differential digital disease distributed django docker documentation docs
    doing domain drone drones drug dynamic early easy edge effective elastic electron electronic elixir embedded
    embeddings end energy engine engineer engineering engines ensemble enterprise environment error errors estimator
    estimators ethics evaluating event events everyday everyone everything evolution example excel experience
    experiences expert experts explainable exploring extreme face failure fast faster feature features federated
    feedback fields final find first flask flow flutter food for forecasting foundations framework frameworks free
    fresh frontend frontiers full fun function functional functions fundamentals fuzzing game games gan gans gardening
    gateway general generation generative generics genome get getting git go golang good graph graphics graphs
    great green growing guide guided hack hacker hacking hands hard haskell health hello help hidden high highlights
    history hobby home hot house how html human hybrid hype hyper i ideas identity image images impact implement
    improving in infrastructure input insights inside integration intelligence intelligent interactive interface
    internals internet intro introducing introduction inverse investing ios iot is issues it java javascript job jobs
    journey json julia jupyter kafka keras kernel kernels key keynote kids knowledge kotlin kubernetes language
    languages large latest launch law lazy lead learn learned learners learning legacy lens less lesson lessons let
    level library life lightning like linear linux list little live living local logic logs long loops love low machine
    machines magic maintaining make making management manager map maps markdown marketing mass matters mean measuring
    media meet meets memory mesh meta metrics micro microservices migrating migration mind mini mining mobile model
    modelling modeling models modern monitoring monolith more multi music my mysql myths native natural needs network
    networking networks neural new next no node non normal not notebook notebooks notes now numbers object objects
    observability of off on one online ontology open opening operations optimal optimization optimizer or our out over
    overview package packages packaging pandas panel papers parallel parser patterns people perception perfect
    performance personal phone photos physics pipeline pipelines pixel plasma platform platforms play policy pop
    postgres postgresql power powerful practical practice practices predicting prediction presentation privacy
    probability problem problems product production productivity program programming project projects prompt
    protein protocol prototyping public pushing putting python pytorch quality quantum queries query questions queue
    quick r rails random rank ranking react reactive real recap recognition recommendation recommender recovery
    reconstructing recurrent redis reducing refactoring reinforcement release remote repository research rest results
    reusable review reward rich right rise road robot robotics robots rocket room ruby rules running rust safe safety
    scala scalable scale scaling science scientific scientists screen script search secret secrets secure security
    segmentation self semantic sensor sensors sequence server serverless servers service services serving session
    shader shaders shell shipping short side signal simple simulation site small smart social software solid solving
    some sound source space spark sparse speed spiking sports spring sql stack start started starting startup
    state static statistics stop storage stories story stream streaming streams structure structured style success
    summit super supervised survey swift system systems table tabular talk talks team teams techniques technology
    tensorflow terraform test testing tests text that the theory things think thinking this thread threads time tips to
    today together tooling tools top toward towards track tracking training transfer transformer transformers
    translation travel tree trees tricks trust tuning turing tutorial two type types typescript typing ui ultrasound
    understanding unicode uncertainty universal unknown unknowns unsupervised up update upgrade use user users using ux
    value values vector version via video virtual vision visual visualisation visualization vue war was watch water
    way ways we weather web webassembly welcome what when where which why wide wifi wild will wind with without word
    work workflow workflows working workshop world worst write writing wrong yaml you your zero
    lunch break dinner coffee pizza doors drinks beer party closing opening remarks announcements raffle prizes
    reinforcement probabilistic lattice gradient descent bayes statistical regression clustering lovely
    engine main hall auditorium floor building street stage track monday tuesday wednesday thursday friday saturday
    sunday january february march april june july august september october november december
    level beginner intermediate advanced room optional free tba tbd tbc tba various everybody all members
    wind speed star chord chords slides video""".split()
)

# First names that many people have: enough to decide when both sides of a dash could be a person.
GIVEN_NAMES = frozenset(
    """aaron abdul abigail adam aditya ada adrian ahmed aisha akira alan albert alejandro alex alexander alexandra
    alexis alfred ali alice alicia alina alison allison amanda amber amelia amir amit amy ana anastasia andrea andreas
    andrei andrew andrey andy angela anil anita anja ann anna anne annie anthony antoine antonio anton ari arjun armin
    arthur arun ashley astrid audrey barbara beatrice ben benjamin bernard beth betty bill bjarne bo bob boris brad
    brandon brenda brian bruce bruno bryan camille carl carla carlos carmen carol caroline catherine cathy cecilia
    charles charlie charlotte chen chiara chris christian christin christina christine christoph christopher claire
    clara claudia claire claus clément colin connor craig cristina cy cynthia daisuke dan dana daniel daniela danielle
    daria dave david dean deborah dee deepak denis dennis derek diana diane diego dieter dimitri dirk dmitry dominik
    donald donna doris dorothy douglas duncan edgar edith edsger eduardo edward elena eleanor eli elisabeth elizabeth
    ella ellen emil emily emma eric erica erik erika ernest esther ethan eugene eva evan evelyn fabian fatima felix
    fei-fei feifei fernando finn fiona florence florian frances francesca francesco francis francisco frank franz fred
    frederic frida gabriel gabriela gary geoffrey george gerald gerard giovanni giulia gloria gordon grace graham greg
    gregory guido guillaume günther gustavo hans harald harold harriet harry hassan heather heidi helen helena henri
    henry herbert hiroshi holly howard hugo ian ibrahim ida igor ines ingrid irene iris isaac isabel isabella ivan jack
    jacob jacqueline jake james jan jana jane janet jason javier jay jean jeff jeffrey jennifer jenny jens jeremy
    jerome jesse jessica jim jing joan joanna joe joel johan johann johannes john jon jonas jonathan jorge jose josé
    joseph josh joshua joyce juan judith judy julia julian julie julien june jürgen kai kamal karen karin karl kate
    katharina katherine kathleen kathy katie katja kavita keith kelly ken kenji kevin khalid kim klaus kristen kumar
    kyle lars laura lauren laurent lawrence lea leah lee lena leo leonard leonardo leslie lin linda linus lisa liz
    lorenzo louis louise luca lucas lucia lucy luis luisa luka lukas luke lydia madeleine manuel marc marcel marco
    marcus margaret maria marie marina mario marion mark markus marta martha martin mary masahiko mateo matt matteo
    matthew matthias maurice max maya megan mei mehmet melissa mia michael michel michelle miguel mike mila milan ming
    miriam mohamed mohammad mohammed monica monika morgan muhammad nadia nadine nancy naomi natalia natalie natasha
    nathan neil nick nicolas nicole niels nikhil nikita nikolai nils nina noah noam noemi nora norihiro oleg oliver
    olivia olivier omar oscar otto pablo paola patricia patrick paul paula pavel pedro peggy peter petra philip
    philipp philippe phillip pierre pieter pooja prakash priya rachel radia rahul raj rajesh ralph raphael ravi raymond
    rebecca remy renata rené ricardo richard rita rob robert roberto robin roger roland roman ron ronald rosa rose roy
    ruth ryan sabine sally sam samantha samir samuel sandra sanjay sara sarah satoshi scott sean sebastian sergei
    sergey seth shane shannon sharon shin siddharth simon simone sofia sonia sophia sophie stefan stefanie stella
    stephanie stephen steve steven stuart sumit sun-hee sung sunil susan suzanne svetlana sven sylvia takeshi tamara
    tanja tanya tara tariq tatiana ted teresa terry theo theresa thomas tiffany tim timothy tina tobias todd tom tomás
    tomoko tony tracy ulrich ursula valentina valerie vanessa vera veronica victor victoria vijay vikram vincent
    vincenzo viola virginia vladimir volker walter wei wendy werner wilhelm william wolfgang xavier xin yan yang yasmin
    yoko yolanda yoshihiro yuki yulia yuri yusuf yves zoe zoë zhang""".split()
)

NAME_PARTICLES = frozenset(
    "de da do dos du del della di van von der den ter ten zu af av bin binti ibn al el la le y e st".split()
)
HONORIFICS = frozenset("dr dr. prof prof. mr mr. mrs mrs. ms ms. mx mx. sir dame".split())

# The hundred or so most frequent family names, for names without spaces.
CHINESE_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范石姚谭廖邹熊陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文張劉陳楊趙黃吳孫馬羅鄭"
)
JAPANESE_SURNAMES = tuple(
    """佐藤 鈴木 高橋 田中 渡辺 伊藤 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 清水 山崎 池田 橋本 石川
    阿部 中島 前田 藤田 小川 後藤 岡田 長谷川 村上 近藤 石井 坂本 遠藤 青木
    藤井 西村 福田 太田 三浦 藤原 岡本 松田""".split()
)
KOREAN_SURNAMES = frozenset("김이박최정강조윤장임한오서신권황안송류홍")
NOT_CHINESE_NAMES = frozenset(
    "方案 总结 需求 高温 高级 高效 文档 文本 文字 白板 常见 常用 石油 江湖 马上 龙头 万能 段落".split()
)
