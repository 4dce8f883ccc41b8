from tests.addresses import patterns, address
from tests.zone import PLACES
from tests.test_matrix import PAGES, trail
def test_x(world):
    for name, lists in patterns().items():
        if name in PAGES: continue
        for arguments in lists:
            for side in ("inside","outside") if arguments else ("inside",):
                url = address(name, arguments, getattr(world, side))
                row = {}
                for role in (*PLACES, None):
                    with world.tried():
                        b=trail()
                        try: code = world.clients[role].get(url).status_code
                        except Exception as e: code = f"EXC {e!r}"[:150]
                        if trail()-b: code=f"{code} wrote {trail()-b}"
                    row.setdefault(code, []).append(role or "nobody")
                print(name, arguments, side, {k: (v if len(v)<9 else "ALL BUT "+",".join(r for r in [*PLACES,"nobody"] if r not in v)) for k,v in row.items()})
