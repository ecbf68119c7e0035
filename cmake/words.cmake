# SPDX-License-Identifier: Apache-2.0
# The English catalogue built in: its bytes for the room of the statement, and its plain words as two tables for the room
# that explains a ruling, so that a part of a story is called the same wherever a person reads it.

set(told_words_file ${CMAKE_CURRENT_SOURCE_DIR}/statement/words/en.json)
set(told_words_dir ${CMAKE_CURRENT_BINARY_DIR}/words)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${told_words_file})

file(READ ${told_words_file} told_words_hex HEX)
string(REGEX REPLACE "(..)" "0x\\1," told_words_bytes "${told_words_hex}")
file(CONFIGURE OUTPUT ${told_words_dir}/english.c @ONLY CONTENT
"/* SPDX-License-Identifier: Apache-2.0 */
/* Written by cmake/words.cmake from agents/statement/words/en.json. */
#include \"agents/statement/catalogue_state.h\"
const unsigned char told_catalogue_english_json[] = {@told_words_bytes@};
const size_t told_catalogue_english_size = sizeof told_catalogue_english_json;
")

# "DEM.ID": "your name" -> [TOLD_CATEGORY_DEM_ID] = "your name",
function(told_words_table group prefix out)
  file(READ ${told_words_file} json)
  string(JSON count LENGTH "${json}" ${group})
  math(EXPR last "${count} - 1")
  foreach(i RANGE ${last})
    string(JSON key MEMBER "${json}" ${group} ${i})
    string(JSON text GET "${json}" ${group} "${key}")
    string(REPLACE "." "_" name "${key}")
    string(APPEND rows "[${prefix}${name}] = \"${text}\",\n")
  endforeach()
  set(${out} "${rows}" PARENT_SCOPE)
endfunction()
told_words_table(parts TOLD_CATEGORY_ told_words_parts)
told_words_table(whys TOLD_PURPOSE_ told_words_whys)
file(CONFIGURE OUTPUT ${told_words_dir}/plain_parts.inc @ONLY CONTENT "@told_words_parts@")
file(CONFIGURE OUTPUT ${told_words_dir}/plain_whys.inc @ONLY CONTENT "@told_words_whys@")
