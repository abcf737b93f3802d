"""Questions about the account: signing in, paying, deleting, and using it without a mouse."""

from sayso_ingest.demo.traffic.topics.topic import Ask, Topic

ACCOUNT = (
    Topic(
        "sign-in",
        (
            Ask(
                (
                    "I forgot my password and the reset mail never arrives",
                    "the link in the password mail says it has expired",
                    "how do I set a new password if I can't get in?",
                    "reset mail not coming through on {device}, tried {count} times",
                ),
                (
                    "Ask for the mail once more at mossboard.example/reset and use only the newest link",
                    "Each link works for 30 minutes, and asking again cancels the one before",
                    "If nothing arrives, look in the spam folder for a sender ending in mossboard.example",
                ),
                "Please open Settings, then Security, and change your password there after signing in.",
            ),
            Ask(
                (
                    "the six digit code is always refused",
                    "my authenticator code stopped working {when}",
                    "two-step codes from {device} are rejected, what now?",
                ),
                (
                    "Set the clock of your phone to automatic time, for codes depend on it",
                    "Then enter the code before its ring has gone round",
                    "If that fails, one of your ten recovery codes lets you in",
                ),
                "Two-step sign-in cannot be changed once it is on, so you would have to open a new account.",
            ),
            Ask(
                (
                    "I got a new phone and can't get past the second step",
                    "lost my phone, how do I get into {board}?",
                    "changed from {device} to a new one and the codes are gone",
                ),
                (
                    "Choose 'I have no phone' under the code field and enter a recovery code",
                    "Then turn the second step off and on again with the new phone",
                    "Without recovery codes, an owner of your workspace can reset it under Members",
                ),
                "Install the app again on the new phone and the codes will come back by themselves.",
            ),
            Ask(
                (
                    "can we sign in with our company account instead of passwords?",
                    "does the {plan} plan have single sign-on?",
                    "we want everybody in our team of {count} to log in through our identity provider",
                ),
                (
                    "Single sign-on is part of the Grove plan",
                    "An owner sets it up under Workspace, Sign-in, with the metadata address of your provider",
                    "Members keep their boards, for accounts are matched by mail address",
                ),
                "Single sign-on is on for everyone by default, there is nothing you need to do.",
            ),
        ),
    ),
    Topic(
        "billing",
        (
            Ask(
                (
                    "I was charged twice {when}",
                    "there are two payments for one month on my card",
                    "double charge for {plan}, please check",
                ),
                (
                    "Open Billing, then Payments, and look at the state of each line",
                    "A line marked 'held' is a reservation that your bank drops within five working days",
                    "If both are marked 'paid', press 'Report a duplicate' beside one and it is paid back",
                ),
                "Payments are final, but you can lower next month's invoice by removing members.",
            ),
            Ask(
                (
                    "where do I find the invoices for my accountant?",
                    "need a receipt for the payment from {when}",
                    "how can I get all invoices of this year at once?",
                ),
                (
                    "Under Billing, Invoices, every invoice is there as a PDF",
                    "'Download year' puts all of them into one ZIP file",
                    "A mail address added under 'Copies to' gets each new one by itself",
                ),
                "Invoices are sent on paper to the address of the account in January.",
            ),
            Ask(
                (
                    "how do I go from {plan} to a smaller plan?",
                    "we want to downgrade before the next payment",
                    "what do we lose if we leave {plan}?",
                ),
                (
                    "Choose the smaller plan under Billing, Plan: it starts when the paid period ends",
                    "Boards past the smaller plan's number become read-only, nothing is deleted",
                    "You can pick which boards stay open until that day",
                ),
                "To change to a smaller plan, cancel first. Your boards are removed and you can start afresh.",
            ),
            Ask(
                (
                    "do you charge for people who only look at {board}?",
                    "why did our price go up after inviting {count} people?",
                    "are guests free on {plan}?",
                ),
                (
                    "Only members who can edit are counted, viewers are free on every plan",
                    "Guests of a single board are free up to five a workspace",
                    "Billing, Seats shows who is counted, and a change is settled by the day",
                ),
                "Everyone who has ever opened a board counts as a full member for the whole year.",
            ),
        ),
    ),
    Topic(
        "deletion",
        (
            Ask(
                (
                    "please delete my account and everything in it",
                    "how do I close my account for good?",
                    "I want my data gone, where is that button?",
                ),
                (
                    "Go to Profile, Privacy, 'Delete my account' and confirm with your password",
                    "Boards that you own alone go with it; hand over the others first under Members",
                    "You can come back within 14 days, after 30 days the backups are gone as well",
                ),
                "Just stop using the account and it becomes inactive after some time.",
            ),
            Ask(
                (
                    "I deleted {board} by mistake, can I have it back?",
                    "a colleague removed a whole board {when}",
                    "is there a bin for deleted cards?",
                ),
                (
                    "Deleted boards stay in the bin for 30 days: Workspace, Bin, Restore",
                    "Cards have their own bin in the menu of the board",
                    "Only an owner or the person who deleted it can restore it",
                ),
                "Deleted things cannot be brought back, so please be careful next time.",
            ),
            Ask(
                (
                    "what do you keep about people who left our workspace?",
                    "a former colleague asks for erasure, what do we do?",
                    "does removing a member delete their comments?",
                ),
                (
                    "Removing a member keeps their cards and comments under their name",
                    "'Remove and anonymise' under Members shows them as a former member instead",
                    "The log of that change is kept for a year without the name",
                ),
                "Removing the member deletes every card they ever touched.",
            ),
        ),
    ),
    Topic(
        "accessibility",
        (
            Ask(
                (
                    "can I move cards without a mouse?",
                    "what are the keyboard shortcuts for {board}?",
                    "is there a way to drag cards with the keyboard?",
                ),
                (
                    "Focus a card, press Space to lift it and the arrow keys to move it",
                    "Space drops it, Escape puts it back",
                    "The question mark key lists all shortcuts",
                ),
                "Cards can only be moved by dragging, please ask a colleague to help.",
            ),
            Ask(
                (
                    "my screen reader reads the columns as one long list",
                    "the board makes no sense with a screen reader on {device}",
                    "is there a list view for people who can't see the board?",
                ),
                (
                    "Switch the board to Outline under View: every column becomes a heading",
                    "The choice is kept for your account on every device",
                    "In Outline, cards announce their place and their column when they move",
                ),
                "Try to zoom in with your browser, most people find that enough.",
            ),
            Ask(
                (
                    "the colours of the labels all look the same to me",
                    "can labels have a pattern, I am colour-blind?",
                    "dark mode is too pale, can I have more contrast?",
                ),
                (
                    "Turn on 'Patterns and names on labels' under Profile, Display",
                    "The theme High contrast is in the same place",
                    "Both follow your account and change nothing for others",
                ),
                "Label colours are part of our brand and cannot be changed.",
            ),
        ),
    ),
)
