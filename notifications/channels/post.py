"""The post of offices, by mail: to each person alone, with a press that switches it off."""

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from notifications import bounces, letters, links
from notifications.channels.mail import Mail, headers, sender
from notifications.models import Message, Reader
from notifications.post import CHANNEL
from record import checkpoints, clock


class Post(Mail):
    """As mails to followers go; apart from them, so that what stops those does not stop these."""

    name = CHANNEL

    def written(self, message: Message) -> EmailMultiAlternatives | None:
        """The mail, if something is left to say to somebody who still works there and can be reached."""
        rows = Reader.objects.select_related("user").filter(told__message=message, user__is_active=True)
        reader = rows.first()
        if reader is None or bounces.is_suppressed(reader.user.email):
            return None
        letter = letters.letter(message, reader, clock.now())
        return _mail(message, reader, letter) if letter else None


def _mail(message: Message, reader: Reader, letter: letters.Letter) -> EmailMultiAlternatives:
    state = checkpoints.latest()
    whole = {
        **letter._asdict(),
        "choose": links.address(links.POST, reader),
        "checkpoint": state.note.strip() if state else "",
    }
    mail = EmailMultiAlternatives(
        letter.subject,
        render_to_string("notifications/post.txt", whole),
        sender(),
        [reader.user.email],
        headers=headers(message, links.off(reader)),
    )
    mail.attach_alternative(render_to_string("notifications/post.html", whole), "text/html")
    return mail
