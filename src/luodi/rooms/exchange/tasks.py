"""What the worker does for the exchange: plans, and the sums that are published each month."""

from procrastinate.contrib.django import app

from luodi.ground.scope.api import SYSTEM, acting, require_ours, today
from luodi.rooms.exchange.reminders import remind
from luodi.rooms.exchange.verbs.planning import carry_out
from luodi.rooms.exchange.verbs.publishing import publish_totals


@app.task(name="exchange.plan")
def plan(run_id: int, account_id: int, proof: str = "") -> None:
    """Computes a plan, as it was asked for."""
    require_ours("exchange.plan", proof, run_id=run_id, account_id=account_id)
    carry_out(run_id, account_id)


@app.periodic(cron="15 0 * * *")  # 08:15 in Shanghai
@app.task(name="exchange.remind", queueing_lock="exchange.remind")
def remind_all(timestamp: int) -> int:
    """Tells of what runs out, and of contracts without a delivery."""
    with acting(SYSTEM):
        return remind(today())


@app.periodic(cron="40 1 2 * *")
@app.task(name="exchange.totals", queueing_lock="exchange.totals")
def totals(timestamp: int) -> int:
    """Publishes the month's sums, as far as they give nothing away."""
    with acting(SYSTEM):
        return publish_totals(actor=SYSTEM, on=today())
