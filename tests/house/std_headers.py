"""Which header of the standard library has which name: what a header uses, it includes, or something that it includes does.

A compiler cannot say that of the headers that are read precompiled, nor of those that a library's headers happen to bring along.
Only names are listed that occur here and stand in one header alone."""
import re
from pathlib import Path

NAMES = {
    "algorithm": r"std::(?:min|max|minmax|clamp|sort|stable_sort|find|find_if|all_of|any_of|none_of|copy|copy_n|fill|fill_n|equal|"
                 r"lower_bound|upper_bound|reverse|rotate|count|count_if|transform|remove_if|search|shuffle|mismatch)(?=\()|"
                 r"std::ranges::(?:sort|find|find_if|all_of|any_of|none_of|copy|equal|count|count_if|lower_bound|upper_bound|max|min)\b",
    "array": r"std::(?:array|to_array)\b",
    "atomic": r"std::atomic\w*\b",
    "bit": r"std::(?:bit_cast|endian|popcount|countl_zero|countr_zero|bit_width|bit_ceil|rotl|rotr|has_single_bit)\b",
    "charconv": r"std::(?:from_chars|to_chars)\b",
    "chrono": r"std::chrono\b",
    "condition_variable": r"std::condition_variable\w*\b",
    "coroutine": r"std::(?:coroutine_handle|suspend_always|suspend_never)\b",
    "cstdint": r"std::u?int(?:_fast|_least)?(?:8|16|32|64|ptr|max)_t\b",
    "cstring": r"std::(?:memcpy|memcmp|memset|memmove|memchr|strlen|strcmp|strchr)\b",
    "deque": r"std::deque\b",
    "expected": r"std::(?:expected|unexpected|unexpect)\b",
    "filesystem": r"std::filesystem\b",
    "functional": r"std::(?:function|move_only_function|hash|less|greater|equal_to|invoke|reference_wrapper|c?ref)\b",
    "future": r"std::(?:promise|future|async)\b",
    "limits": r"std::numeric_limits\b",
    "list": r"std::list\b",
    "map": r"std::(?:multi)?map\b",
    "memory": r"std::(?:unique_ptr|shared_ptr|weak_ptr|make_unique|make_shared|enable_shared_from_this)\b",
    "mutex": r"std::(?:mutex|lock_guard|unique_lock|scoped_lock|once_flag)\b",
    "optional": r"std::(?:optional|nullopt)\b",
    "random": r"std::(?:mt19937\w*|uniform_\w+_distribution)\b",
    "set": r"std::(?:multi)?set\b",
    "span": r"std::span\b",
    "string": r"std::(?:string|to_string)\b(?!_view)",
    "string_view": r"std::string_view\b",
    "thread": r"std::j?thread\b",
    "tuple": r"std::(?:tuple|tie|ignore|apply|forward_as_tuple)\b",
    "unordered_map": r"std::unordered_map\b",
    "unordered_set": r"std::unordered_set\b",
    "utility": r"std::(?:move|forward|exchange|swap|pair|declval|to_underlying|as_const|unreachable)\b",
    "variant": r"std::(?:variant|visit|monostate|get_if|holds_alternative)\b",
    "vector": r"std::vector\b",
    "fmt/core.h": r"fmt::(?:format|print)\b",
    "nlohmann/json.hpp": r"nlohmann::",
}


def reached(header, includes, seen):
    """What a reader of `header` has read as well, of the headers in `includes`."""
    for name in includes.get(header, ()):
        if name not in seen:
            seen.add(name)
            reached(name, includes, seen)
    return seen


def missing(headers):
    """A sentence for each name that a header uses and has not from anywhere that it includes."""
    texts = {Path(header).relative_to("src").as_posix(): header.read_text() for header in headers}
    includes = {name: re.findall(r'^#include [<"](.*)[>"]', text, re.M) for name, text in texts.items()}
    for name, text in sorted(texts.items()):
        code = re.sub(r'//.*|"(?:[^"\\\n]|\\.)*"', "", text)
        there = reached(name, includes, set())
        for header, pattern in NAMES.items():
            used = re.search(pattern, code)
            if used and header not in there:
                yield f"src/{name}: {used.group(0)} is in <{header}>, which nothing that it includes brings along"
