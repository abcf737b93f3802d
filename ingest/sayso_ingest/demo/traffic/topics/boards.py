"""Questions about boards: sharing, being told, keeping in step, templates and rules."""

from sayso_ingest.demo.traffic.topics.topic import Ask, Topic

BOARDS = (
    Topic(
        "sharing",
        (
            Ask(
                (
                    "how do I show {board} to a client without making them a member?",
                    "can I share one board with somebody outside our company?",
                    "I need a link to {board} for {count} people from outside",
                ),
                (
                    "Open Share on the board and make a guest link",
                    "Guests see that board alone, and you choose whether they may comment",
                    "The link can end on a date, and Share shows who used it",
                ),
                "Give the client your own password, then they see everything you see.",
            ),
            Ask(
                (
                    "my colleague can see the board but not edit it",
                    "why is {board} read-only for half of us?",
                    "invited {count} people and they can't add cards",
                ),
                (
                    "Look at the role beside each name under Share: Viewer, Commenter or Editor",
                    "An owner of the board can change it, it works at once",
                    "If the role is right, the column may be locked: its padlock opens under Column, Lock",
                ),
                "Editing is switched off for new members during their first month.",
            ),
            Ask(
                (
                    "invitation mail did not reach my new teammate",
                    "the invite link says it was already used",
                    "how can I invite {count} people in one go?",
                ),
                (
                    "Paste all addresses into Members, Invite, one a line",
                    "An invitation works once and for seven days, 'Send again' makes a new one",
                    "Anyone with your company's mail domain may join alone if an owner allows it under Sign-in",
                ),
                "Invitations have to be accepted on the same computer that sent them.",
            ),
            Ask(
                (
                    "how do I hand {board} over to somebody else?",
                    "the owner of our board has left",
                    "can a board have more than one owner?",
                ),
                (
                    "Under Share, choose Owner beside the new name: a board may have several",
                    "Then change your own role if you want to step back",
                    "If the only owner has left, a workspace owner can take over under Members, Boards",
                ),
                "A board belongs to its first owner forever, please copy the cards by hand.",
            ),
        ),
    ),
    Topic(
        "notifications",
        (
            Ask(
                (
                    "I get far too many mails from {board}",
                    "how do I stop mails for every single comment?",
                    "{count} notifications since {when}, please make it stop",
                ),
                (
                    "Open the bell on the board and choose 'Only what mentions me'",
                    "Or turn on the daily digest under Profile, Notifications: one mail at eight",
                    "Cards that you watch still tell you, the eye on the card ends that",
                ),
                "Notifications cannot be reduced, but you could make a filter in your mail program.",
            ),
            Ask(
                (
                    "no notifications at all on {device}",
                    "push stopped {when} after the update",
                    "I miss mentions because nothing pops up",
                ),
                (
                    "Check that the system allows Mossboard to notify: the app shows a red bar if it does not",
                    "Then press 'Send a test' under Profile, Notifications",
                    "Focus or battery saving holds messages back until it ends",
                ),
                "Please reinstall the operating system of the device, that usually helps.",
            ),
            Ask(
                (
                    "can I be told when a card is late?",
                    "reminder the day before something is due",
                    "is there an alert for cards nobody touched for {count} days?",
                ),
                (
                    "Set a due date and choose 'Remind' on the card: an hour, a day or a week before",
                    "For a whole board, the rule 'When a card is late' tells its people",
                    "The rule 'When a card is quiet' takes a number of days",
                ),
                "There are no reminders, but you can sort by date every morning.",
            ),
            Ask(
                (
                    "how do I send updates from {board} to our chat?",
                    "can notifications go to a chat room instead of mail?",
                    "post finished cards to the team channel",
                ),
                (
                    "Add a chat room under Board, Connections, and pick what it is told",
                    "The room's incoming address is all that is needed",
                    "Mails for the same things can be turned off in the same place",
                ),
                "Copy the text of each mail into your chat, it takes only a minute.",
            ),
        ),
    ),
    Topic(
        "sync",
        (
            Ask(
                (
                    "my changes on {device} don't show up in the browser",
                    "{board} looks different on two devices",
                    "cards I moved {when} jumped back",
                ),
                (
                    "Look for a cloud with a line through it: the device has changes that are not sent",
                    "Pull down on the board to send them, it says how many are left",
                    "If two people moved the same card, the history of the card has both moves",
                ),
                "Changes show up after some hours, please wait until tomorrow.",
            ),
            Ask(
                (
                    "does it work on a train without internet?",
                    "how long can I work offline?",
                    "I edited {count} cards offline and now they are gone",
                ),
                (
                    "Boards that you starred work offline for 30 days",
                    "What you changed waits on the device and is sent when you are back",
                    "What could not be merged is under Profile, Unsent, and nothing there is thrown away",
                ),
                "Without a connection nothing is kept, so please type it again.",
            ),
            Ask(
                (
                    "it says 'conflict' on a card, what do I do?",
                    "two versions of one card after editing with a colleague",
                    "which text wins if we both write at the same time?",
                ),
                (
                    "Open the card and press Compare: both texts are side by side",
                    "Keep one, or take paragraphs from each",
                    "The other text stays in the card's history for 90 days",
                ),
                "The newer text always wins and the older one is deleted.",
            ),
        ),
    ),
    Topic(
        "templates",
        (
            Ask(
                (
                    "how do I make a template out of {board}?",
                    "we start every project with the same {count} columns",
                    "can I copy a board without its cards?",
                ),
                (
                    "Choose Board, Save as template, and untick Cards if you want it empty",
                    "It is then under New board for everybody in the workspace",
                    "Due dates in a template count from the day the board is made",
                ),
                "Templates are made by our designers only, please pick one from the gallery.",
            ),
            Ask(
                (
                    "I changed the template but old boards stay the same",
                    "do boards follow their template?",
                    "update {count} boards from one template",
                ),
                (
                    "A board is a copy and does not follow its template",
                    "Rules and labels alone can be pushed: Template, Push to boards",
                    "You see which boards would change before anything happens",
                ),
                "Boards follow their template at once, please reload the page.",
            ),
            Ask(
                (
                    "a checklist that is on every new card",
                    "can new cards start with fields filled in?",
                    "default text for cards in one column",
                ),
                (
                    "Open Column, New cards, and write what a card starts with",
                    "Checklists and people can be part of it",
                    "The key N picks between several such starts",
                ),
                "Cards always start empty, you may paste your list each time.",
            ),
        ),
    ),
    Topic(
        "automation",
        (
            Ask(
                (
                    "move a card by itself when its checklist is done",
                    "can {board} sort finished cards away on its own?",
                    "a rule that archives cards after {count} days",
                ),
                (
                    "Open Board, Rules, New rule and choose what starts it",
                    "Then choose what it does: move, label, tell or archive",
                    "'Try on yesterday' shows what it would have done before you turn it on",
                ),
                "Rules need a programmer, please contact our sales team for an offer.",
            ),
            Ask(
                (
                    "my rule does not run any more",
                    "a rule ran {count} times on one card",
                    "the rule worked until {when}",
                ),
                (
                    "Rules, History lists every run and why one was skipped",
                    "A rule stops itself after 20 runs on one card within an hour",
                    "Correct its start and press Resume",
                ),
                "Delete the board and make it again, then rules work.",
            ),
            Ask(
                (
                    "how many rules does {plan} have?",
                    "are rule runs limited?",
                    "we hit the limit of automation runs {when}",
                ),
                (
                    "Seed has 100 runs a month, Sprout 2,000, and Grove has no limit",
                    "Workspace, Usage shows the runs of each rule",
                    "Runs that were held back start when the month does, or when you upgrade",
                ),
                "There is a limit, but we do not publish it.",
            ),
        ),
    ),
)
