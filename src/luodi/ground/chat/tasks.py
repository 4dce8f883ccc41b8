"""What is sent to the chats by itself."""

from procrastinate.contrib.django import app

from luodi.ground.chat.telling import send_waiting


@app.periodic(cron="* * * * *")
@app.task(name="chat.send", queueing_lock="chat.send")
def send(timestamp: int) -> None:
    """Sends what waits, each card in transactions of its own."""
    send_waiting()
