# SPDX-License-Identifier: Apache-2.0
# libtold, for whoever writes an agent of their own: header, seal, sign, send, pull, check a receipt. The rooms that make
# it up are the ones that told-agent links; only what begins with told_ shows. Installed with its headers and libtold.pc.
include(GNUInstallDirs)

set(rooms told_client told_socket told_proto told_schemas told_evidence told_bytes)
list(TRANSFORM rooms REPLACE "(.+)" "$<TARGET_OBJECTS:\\1>" OUTPUT_VARIABLE objects)
add_library(libtold SHARED ${objects})
set_target_properties(libtold PROPERTIES OUTPUT_NAME told VERSION ${PROJECT_VERSION} SOVERSION 0 LINKER_LANGUAGE C
  LINK_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/libtold.map)
target_link_libraries(libtold PRIVATE told_flags PkgConfig::ZMQ PkgConfig::PROTOBUF_C PkgConfig::CRYPTO PkgConfig::SODIUM)
target_link_options(libtold PRIVATE -Wl,--version-script=${CMAKE_CURRENT_LIST_DIR}/libtold.map)

configure_file(${CMAKE_CURRENT_LIST_DIR}/libtold.pc.in ${PROJECT_BINARY_DIR}/libtold.pc @ONLY)
install(TARGETS libtold LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT libtold)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/told DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT libtold)
install(FILES ${PROJECT_SOURCE_DIR}/proto/message.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/told COMPONENT libtold)
install(FILES ${PROJECT_BINARY_DIR}/libtold.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT libtold)
