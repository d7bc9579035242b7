"""Find the segment that an address names."""

from django.http import Http404

from stammkunde.segments.models import Segment


def segment_or_404(name: str) -> Segment:
    """Return the segment of this name, or answer that there is none."""
    segment = Segment.objects.filter(name=name).first()
    if segment is None:
        raise Http404(f"There is no segment “{name}”.")
    return segment
