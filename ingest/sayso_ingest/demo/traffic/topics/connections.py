"""Questions about what goes in and out: files, calendars, phones and programs."""

from sayso_ingest.demo.traffic.topics.topic import Ask, Topic

CONNECTIONS = (
    Topic(
        "import",
        (
            Ask(
                (
                    "how do I bring a spreadsheet with {count} rows into {board}?",
                    "import from CSV puts everything in one column",
                    "my CSV import stops in the middle",
                ),
                (
                    "Choose Board, Import, and say which heading is the title and which the column",
                    "Dates are read as year-month-day unless you choose otherwise",
                    "Rows that did not fit are given back as a file with the reason beside each",
                ),
                "Spreadsheets are not supported, please type the rows in.",
            ),
            Ask(
                (
                    "can I move our boards over from another tool?",
                    "import with attachments and comments from the old tool",
                    "what comes along when we move from our old planner?",
                ),
                (
                    "Use its JSON export under Workspace, Import: boards, cards, comments and people come along",
                    "Attachments follow in the background, you get a mail when all are there",
                    "People are matched by mail address, others become former members",
                ),
                "Moving from other tools is part of a future release.",
            ),
            Ask(
                (
                    "imported the same file twice, how do I undo that?",
                    "duplicates after import, {count} of them",
                    "can I take back an import from {when}?",
                ),
                (
                    "Every import is one entry under Board, History: Undo takes it back whole",
                    "Cards that were changed since are listed and left for you to decide",
                    "To update instead, choose 'Match by title' when you import again",
                ),
                "An import cannot be undone, please delete the cards one by one.",
            ),
        ),
    ),
    Topic(
        "calendar",
        (
            Ask(
                (
                    "how do I see due dates in my calendar?",
                    "is there a calendar feed for {board}?",
                    "subscribe to cards from {device}",
                ),
                (
                    "Open Board, Calendar, 'Subscribe' and give the address to your calendar",
                    "It has the cards that you may see and is read again each hour",
                    "Anyone with the address can read it; 'New address' ends the old one",
                ),
                "Make a screenshot of the board and attach it to your calendar.",
            ),
            Ask(
                (
                    "events are one hour off since {when}",
                    "wrong time zone in the calendar feed",
                    "due dates show up a day early on {device}",
                ),
                (
                    "Set your zone under Profile, Time; the feed uses it, the board shows each person's own",
                    "All-day cards have no zone: give the card a time if it should have one",
                    "Your calendar reads the change at its next refresh",
                ),
                "Time zones are not our business, please ask the maker of your calendar.",
            ),
            Ask(
                (
                    "can I drag an event in my calendar and the card follows?",
                    "two-way sync with our calendar",
                    "does changing the event change the card?",
                ),
                (
                    "A subscribed feed is one way, from the board to the calendar",
                    "The connection under Board, Connections works both ways on Sprout and Grove",
                    "It writes into a calendar of its own, so nothing else is touched",
                ),
                "Yes, every calendar can write back, you only have to wait.",
            ),
        ),
    ),
    Topic(
        "export",
        (
            Ask(
                (
                    "how do I get everything out of {board}?",
                    "full backup of our workspace as a file",
                    "export with attachments before we leave",
                ),
                (
                    "Workspace, Export makes a ZIP with JSON and all attachments",
                    "A single board is under Board, Export, as JSON, CSV or PDF",
                    "You get a mail with a link that works for seven days",
                ),
                "Exporting is only possible after your subscription has ended.",
            ),
            Ask(
                (
                    "print {board} on one page",
                    "PDF export cuts off the last columns",
                    "a printable list of what is open",
                ),
                (
                    "Choose Export, PDF, 'Fit columns', it makes the page as wide as needed",
                    "Filters on the board hold for the PDF too",
                    "Outline view prints best if you want a plain list",
                ),
                "Use a bigger printer, the page size is fixed.",
            ),
            Ask(
                (
                    "CSV export has no comments in it",
                    "umlauts are broken in the exported file",
                    "need the history of {count} cards in a spreadsheet",
                ),
                (
                    "Tick 'Comments' and 'History' in the export dialog: each is a file of its own",
                    "The files are UTF-8: choose that when your spreadsheet asks",
                    "The card's number ties the three files together",
                ),
                "Comments are private and never leave Mossboard.",
            ),
        ),
    ),
    Topic(
        "mobile",
        (
            Ask(
                (
                    "the app crashes when I open {board} on {device}",
                    "app closes by itself since {when}",
                    "can't open big boards on the phone",
                ),
                (
                    "Update to 4.2 or newer: boards with many pictures closed older ones",
                    "If it still closes, hold the icon and choose 'Start without pictures'",
                    "Then send the report it offers, it names the card at fault",
                ),
                "The app is for small boards only, please buy a laptop.",
            ),
            Ask(
                (
                    "scan a paper note into a card",
                    "take a photo and make it a card on {device}",
                    "can I add a card by voice?",
                ),
                (
                    "Hold the plus sign: camera, voice and scan are behind it",
                    "A scan becomes text and keeps the picture",
                    "New cards wait in your inbox until you pick a board",
                ),
                "That is only possible on the web with a webcam.",
            ),
            Ask(
                (
                    "the app uses {count} GB on my phone",
                    "how do I free space in the app?",
                    "mobile data is used up by pictures",
                ),
                (
                    "Profile, Storage shows what each board takes and has Clear beside it",
                    "Clearing removes copies from the device and nothing from the board",
                    "'Pictures on Wi-Fi only' is in the same place",
                ),
                "Remove boards until it fits.",
            ),
        ),
    ),
    Topic(
        "api",
        (
            Ask(
                (
                    "where do I get an API token?",
                    "401 from your API with a fresh token",
                    "which header does the API want?",
                ),
                (
                    "Make a token under Profile, Developers; it is shown once",
                    "Send it as 'Authorization: Bearer' followed by the token",
                    "A 401 names its cause in 'error': expired, revoked or wrong workspace",
                ),
                "Put your user name and password into the address of each request.",
            ),
            Ask(
                (
                    "webhook deliveries stopped {when}",
                    "how do I check that a webhook is really from you?",
                    "our endpoint gets the same webhook {count} times",
                ),
                (
                    "Each delivery has an id and a signature over its body: check both",
                    "We try for a day with growing pauses, so the same id may come again",
                    "After that the hook is paused, Resume sends what was missed",
                ),
                "Webhooks are best effort, please poll every second instead.",
            ),
            Ask(
                (
                    "429 when reading all cards of {board}",
                    "what is the rate limit on {plan}?",
                    "page through {count} thousand cards without being throttled",
                ),
                (
                    "The limit is 120 requests a minute and token, the headers say what is left",
                    "Ask for 200 cards a page with 'cursor' instead of single cards",
                    "After a 429 wait as long as Retry-After says",
                ),
                "Open several accounts and share the requests between them.",
            ),
        ),
    ),
)
