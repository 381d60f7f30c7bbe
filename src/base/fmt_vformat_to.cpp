// What fmt::format_to() calls, once more under clang's name for it. GCC, which built the system's libfmt,
// spells std::is_same inside this name in a way of its own, and clang's callers (presets dev, tsan, fuzz) do
// not find it there.
#ifdef __clang__
#include <fmt/format.h>

template void fmt::detail::vformat_to<char>(buffer<char>&, basic_string_view<char>,
                                            basic_format_args<FMT_BUFFER_CONTEXT(type_identity_t<char>)>,
                                            locale_ref);
#endif
