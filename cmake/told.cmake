# SPDX-License-Identifier: Apache-2.0
# What every room shares: warnings as errors, hardening, sanitizers, and the three ways to add a room, a program, a test.

set(TOLD_SANITIZE "" CACHE STRING "Sanitizers, comma separated (for example address,undefined)")

set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
foreach(type RELEASE RELWITHDEBINFO MINSIZEREL) # asserts are never compiled out
  string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_${type} "${CMAKE_C_FLAGS_${type}}")
endforeach()

add_library(told_flags INTERFACE)
target_compile_features(told_flags INTERFACE c_std_11)
target_compile_definitions(told_flags INTERFACE _GNU_SOURCE)
target_compile_options(told_flags INTERFACE
  -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings
  -Wcast-qual -Wformat=2 -Wundef -Wvla -Wimplicit-fallthrough
  -fstack-protector-strong -fstack-clash-protection -fcf-protection -fno-common -fno-strict-aliasing)
target_link_options(told_flags INTERFACE $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-pie> -Wl,-z,relro,-z,now,-z,noexecstack)
if(TOLD_SANITIZE)
  target_compile_options(told_flags INTERFACE -fsanitize=${TOLD_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(told_flags INTERFACE -fsanitize=${TOLD_SANITIZE})
else()
  target_compile_options(told_flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
endif()

# A room is its folder: every .c in it, one library, and the rooms and packages it may lean on.
function(told_room name dir)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${dir}/*.c)
  if(NOT sources)
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE told_flags ${ARGN})
    return()
  endif()
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC told_flags ${ARGN})
endfunction()

# A program: its sources, then the rooms it links.
function(told_program name)
  cmake_parse_arguments(P "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${P_SOURCES})
  target_link_libraries(${name} PRIVATE ${P_LINKS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
  install(TARGETS ${name} RUNTIME DESTINATION bin)
endfunction()

# The tests of a room: each tests/<dir>/test_*.c is one cmocka program and one ctest entry.
function(told_tests dir)
  file(GLOB tests CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${dir}/test_*.c)
  foreach(source IN LISTS tests)
    get_filename_component(stem ${source} NAME_WE)
    set(name ${dir}_${stem})
    string(REPLACE "/" "_" name ${name})
    add_executable(${name} ${source})
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
    target_link_libraries(${name} PRIVATE told_support ${ARGN} PkgConfig::CMOCKA)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300
      ENVIRONMENT "TOLD_SOURCE=${PROJECT_SOURCE_DIR};TOLD_BIN=${PROJECT_BINARY_DIR}/bin")
  endforeach()
endfunction()
