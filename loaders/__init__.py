"""Batch functions: many keys in, one command to the store, as many answers out."""

from loaders.articles import articles_by_image, articles_by_slug, articles_by_url
from loaders.batch import Batch
from loaders.counts import counts_by_provider, counts_by_topic
from loaders.images import images_by_url
from loaders.nodes import nodes_by_id
from loaders.pages import pages
from loaders.providers import providers_by_domain, providers_by_key
from loaders.search import searches
from loaders.similar import similar_to
from loaders.topics import children_by_topic, topics_by_slug

# Every batch function by its name, which is how fields name them.
BATCHES: dict[str, Batch] = {
    batch.__name__: batch
    for batch in (
        articles_by_image,
        articles_by_slug,
        articles_by_url,
        children_by_topic,
        counts_by_provider,
        counts_by_topic,
        images_by_url,
        nodes_by_id,
        pages,
        providers_by_domain,
        providers_by_key,
        searches,
        similar_to,
        topics_by_slug,
    )
}
