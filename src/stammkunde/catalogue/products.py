"""Learn products from the orders that name them."""

from collections.abc import Sequence
from typing import NamedTuple

from stammkunde.catalogue.models import Product
from stammkunde.kernel.batches import in_chunks

_CHUNK = 2_000


class Seen(NamedTuple):
    """A product as a file names it; empty texts mean: not told."""

    code: str
    name: str = ""
    category: str = ""
    department: str = ""


def learn(products: Sequence[Seen]) -> None:
    """Take up products that are new and fill in what was missing; what is already known stays as it is."""
    seen = {product.code: product for product in sorted(products) if product.code}
    for chunk in in_chunks(sorted(seen), _CHUNK):
        known = {product.code: product for product in Product.objects.filter(code__in=chunk)}
        fresh = [Product(**seen[code]._asdict()) for code in chunk if code not in known]
        Product.objects.bulk_create(fresh, ignore_conflicts=True)
        fuller = [product for code, product in known.items() if _fill(product, seen[code])]
        Product.objects.bulk_update(fuller, ["name", "category", "department"])


def _fill(product: Product, seen: Seen) -> bool:
    """Complete the product from what was seen; say whether anything changed."""
    changed = False
    for field in ("name", "category", "department"):
        if not getattr(product, field) and (told := getattr(seen, field)):
            setattr(product, field, told)
            changed = True
    return changed
