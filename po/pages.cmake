# The pages of the lessons and the sheets for teachers in other languages: po4a makes them of
# lessons/LANGUAGE.po and teaching/LANGUAGE.po, in pages/docs of the build's folder; installed, they are
# beside the English ones. A component: without po4a the pages are in English.
option(VITRINE_PAGES "Lesson pages in other languages, by po4a" ON)
if(VITRINE_PAGES)
  find_program(PO4A po4a)
endif()
if(NOT VITRINE_PAGES OR NOT PO4A OR VITRINE_SANITIZE)
  vitrine_component(PAGES OFF "lesson pages in other languages (po4a)")
  return()
endif()

set(pages ${CMAKE_BINARY_DIR}/pages)
set(inputs ${CMAKE_CURRENT_SOURCE_DIR}/make-pages)
foreach(part lessons teaching)
  file(GLOB catalogues CONFIGURE_DEPENDS ${part}/*.po)
  file(GLOB english CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/${part}/*.md)
  file(GLOB_RECURSE pictures CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/${part}/*.png)
  list(APPEND inputs ${part}/po4a.cfg ${catalogues} ${english} ${pictures})
  set(spoken "")
  foreach(catalogue IN LISTS catalogues)
    get_filename_component(language ${catalogue} NAME_WE)
    install(DIRECTORY ${pages}/docs/${part}/${language}
      DESTINATION ${CMAKE_INSTALL_DATADIR}/vitrine/docs/${part} OPTIONAL)
    list(APPEND spoken ${language})
  endforeach()
endforeach()
add_custom_command(OUTPUT pages.made
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${pages}
  COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/make-pages ${pages}
  COMMAND ${CMAKE_COMMAND} -E touch pages.made
  DEPENDS ${inputs} COMMENT "Making the pages in other languages" VERBATIM)
add_custom_target(pages ALL DEPENDS pages.made)
list(JOIN spoken ", " spoken)
vitrine_component(PAGES ON "lesson pages in other languages: ${spoken} (po4a)")
