"""The addresses of the stock API."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from bench import stock, stock_ratings

router = SimpleRouter()
router.register("commitments", stock.CommitmentViewSet)
router.register("updates", stock.UpdateViewSet)
router.register("themes", stock.ThemeViewSet)
router.register("events", stock.EntryViewSet)
router.register("ratings", stock_ratings.RatingViewSet)

urlpatterns = [path("api/v1/", include(router.urls))]
