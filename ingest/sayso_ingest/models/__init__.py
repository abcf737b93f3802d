"""Another's model, asked over HTTP: any endpoint that speaks as OpenAI's does.

In: messages, or the texts to embed. Out: a reply, or by name why there is none. It does not know what is asked nor
why; what it keeps of a question is a hash.
"""

from sayso_ingest.models.address import Address
from sayso_ingest.models.budget import Budget, Price
from sayso_ingest.models.chat import OF_THE_REQUEST, ChatModel
from sayso_ingest.models.estimate import estimated_tokens, most_of, tokens_of
from sayso_ingest.models.form import Messages, Question
from sayso_ingest.models.kept import KeptReplies
from sayso_ingest.models.line import ANSWER_TIMEOUT, BACKOFF, PATIENCE, Advice, Line
from sayso_ingest.models.own import OwnModel, find_function
from sayso_ingest.models.paid import paid
from sayso_ingest.models.reply import SETTLED, Outcome, Reply, Shape, Usage, unaffordable, value_in
from sayso_ingest.models.streak import IN_A_ROW, Streak
from sayso_ingest.models.together import together

__all__ = [
    "ANSWER_TIMEOUT",
    "BACKOFF",
    "IN_A_ROW",
    "OF_THE_REQUEST",
    "PATIENCE",
    "SETTLED",
    "Address",
    "Advice",
    "Budget",
    "ChatModel",
    "KeptReplies",
    "Line",
    "Messages",
    "Outcome",
    "OwnModel",
    "Price",
    "Question",
    "Reply",
    "Shape",
    "Streak",
    "Usage",
    "estimated_tokens",
    "find_function",
    "most_of",
    "paid",
    "together",
    "tokens_of",
    "unaffordable",
    "value_in",
]
