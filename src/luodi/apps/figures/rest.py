from ninja import Router

from luodi.apps.figures.checking_rest import router as checking

router = Router(tags=["figures"])
router.add_router("", checking)
