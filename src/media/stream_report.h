#pragma once
// From what was seen of a stream to what people are told about it.

#include "media/stream_description.h"
#include "media/stream_watch.h"

namespace crosspoint::media {

StreamDescription make_description(const StreamWatch::Facts& facts);

}  // namespace crosspoint::media
