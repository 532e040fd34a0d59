/*
 * mqtt.h - includes libmosquitto and the constants of MQTT. Since version 2.1 mosquitto.h has the
 * constants, and including the header that had them before causes a warning.
 */
#ifndef VITRINE_TOOLS_MQTT_H
#define VITRINE_TOOLS_MQTT_H

#include <mosquitto.h>

#if LIBMOSQUITTO_VERSION_NUMBER < 2001000
#include <mqtt_protocol.h>
#endif

#endif
