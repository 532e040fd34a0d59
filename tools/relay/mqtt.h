/*
 * mqtt.h - libmosquitto, and MQTT's own numbers: mosquitto.h brings them from 2.1 on, and warns of the
 * header that had them before.
 */
#ifndef VITRINE_TOOLS_MQTT_H
#define VITRINE_TOOLS_MQTT_H

#include <mosquitto.h>

#if LIBMOSQUITTO_VERSION_NUMBER < 2001000
#include <mqtt_protocol.h>
#endif

#endif
