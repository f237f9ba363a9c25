/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "model/path.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/duration.h"
#include "base/suggest.h"

#define SECONDS(n) (INT64_C(1000) * (n))

/* The defaults that their makers document, or that are measured where they do not. */
static const struct path_device devices[] = {
	{ "aws-nlb", "AWS Network Load Balancer (TCP)", SECONDS(350), false, "resets it",
		"docs.aws.amazon.com, Network Load Balancers, update-idle-timeout" },
	{ "aws-nat",
		"AWS NAT gateway, VPC endpoint, Gateway Load Balancer, Network Firewall",
		SECONDS(350), false, "resets it on the next packet, or drops that",
		"aws.amazon.com/blogs/networking-and-content-delivery, "
		"API_FlowTimeouts" },
	{ "aws-ec2", "AWS EC2 security group tracking (Nitro v6; older: 5 days)",
		SECONDS(350), false, "drops its packets",
		"docs.aws.amazon.com, API_ConnectionTrackingSpecificationRequest" },
	{ "aws-alb", "AWS Application and Classic Load Balancer", SECONDS(60), true,
		"closes it", "docs.aws.amazon.com, edit-load-balancer-attributes" },
	{ "azure-lb", "Azure Load Balancer", SECONDS(240), false,
		"drops its packets silently (a reset is optional)",
		"learn.microsoft.com, load-balancer-tcp-idle-timeout" },
	{ "azure-nat", "Azure NAT gateway, Azure Firewall", SECONDS(240), false,
		"resets or closes it", "learn.microsoft.com, nat-gateway-resource" },
	{ "gcp-vpc", "Google Cloud VPC firewall", SECONDS(600), false,
		"drops its packets", "cloud.google.com/compute/docs/troubleshooting" },
	{ "gcp-nat", "Google Cloud NAT", SECONDS(1200), false,
		"drops its packets silently", "secondary sources" },
	{ "oci-nlb", "Oracle Cloud network load balancer", SECONDS(360), false,
		"drops its packets", "docs.oracle.com" },
	{ "ipvs", "IPVS: kube-proxy in ipvs mode, Docker swarm VIP", SECONDS(900), false,
		"resets it or drops its packets",
		"github.com moby#31208, kubernetes#84041" },
	{ "conntrack", "Linux connection tracking", SECONDS(432000), false, "removes it",
		"docs.kernel.org, nf_conntrack-sysctl" },
	{ "f5", "F5 BIG-IP FastL4", SECONDS(300), false, "resets it",
		"clouddocs.f5.com, L4_Profile" },
	{ "asa", "Cisco ASA", SECONDS(3600), false, "drops its packets silently",
		"cisco.com, document 222075" },
	{ "fortigate", "FortiGate", SECONDS(3600), false, "drops its packets",
		"community.fortinet.com, ta-p/194357" },
	{ "srx", "Juniper SRX", SECONDS(1800), false, "ages it out",
		"supportportal.juniper.net, KB34994" },
	{ "envoy", "Envoy TCP proxy", SECONDS(3600), true, "closes it",
		"envoyproxy.io, timeouts" },
	{ "pf", "OpenBSD pf", SECONDS(86400), false, "drops its packets", "pf.conf(5)" },
};

#define DEVICES (sizeof(devices) / sizeof(devices[0]))

const struct path_device *path_device(size_t i)
{
	return i < DEVICES ? &devices[i] : NULL;
}

struct path_policy path_default(void)
{
	return (struct path_policy){ .limit_ms = PATH_DEFAULT_MS };
}

/* The names, then the two words that are not names of devices. */
static const char *word(const void *unused, size_t i)
{
	(void)unused;
	return i < DEVICES ? devices[i].name : i == DEVICES ? "none" : "help";
}

static int parse_name(const char *text, struct path_policy *policy, struct error *e)
{
	const char *near;

	if (strcmp(text, "none") == 0) {
		*policy = (struct path_policy){ .limit_ms = PATH_NONE, .name = "none" };
		return 0;
	}
	for (size_t i = 0; i < DEVICES; i++) {
		const struct path_device *d = &devices[i];

		if (strcmp(text, d->name) != 0)
			continue;
		*policy = (struct path_policy){ .limit_ms = d->limit_ms,
			.data_only = d->data_only };
		snprintf(policy->name, sizeof(policy->name), "%s", d->name);
		return 0;
	}
	near = suggest_nearest(text, DEVICES + 2, word, NULL);
	if (near == NULL)
		return error_set(e,
			"unknown path '%.64s' (a duration such as 350s, a name that "
			"--path-idle=help lists, or none)",
			text);
	return error_set(e,
		"unknown path '%.64s' (did you mean %s? --path-idle=help lists the "
		"names)",
		text, near);
}

int path_parse(const char *text, struct path_policy *policy, struct error *e)
{
	int64_t us;

	if (!isdigit((unsigned char)text[0]))
		return parse_name(text, policy, e);
	if (duration_parse(text, NULL, &us) != 0)
		return error_set(e,
			"'%.64s' is not a duration up to 100000 days (such as 90, "
			"350s, 4m "
			"or 1h30m)",
			text);
	if (us < 1000)
		return error_set(e,
			"the path's idle limit must be at least 1ms, not '%.64s' "
			"(none: no "
			"path forgets)",
			text);
	*policy = (struct path_policy){ .limit_ms = us / 1000 };
	return 0;
}
