from django.db import migrations, models


class Migration(migrations.Migration):
    """A hash is a hash: the place of the bytes follows from it, and nothing else may stand there."""

    dependencies = [("evidence", "0003_swept")]

    operations = [
        migrations.AddConstraint(
            model_name="file",
            constraint=models.CheckConstraint(
                condition=models.Q(sha256__regex="^[0-9a-f]{64}$"), name="evidence_sha256_hex"
            ),
        ),
    ]
