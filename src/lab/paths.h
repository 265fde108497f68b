/*
 * paths - the paths of the lab's web services. As on IIS, upper and lower case are the
 * same.
 */
#ifndef CSWATCH_LAB_PATHS_H
#define CSWATCH_LAB_PATHS_H

#define PATH_DISCOVER	   "/Autodiscover/AutodiscoverService.svc/root"
#define PATH_DISCOVER_USER PATH_DISCOVER "/oauth/user"
#define PATH_CERTPROV	   "/CertProv/CertProvisioningService.svc"
#define PATH_PROOF	   PATH_CERTPROV "/WebTicket_Proof"
#define PATH_WEBTICKET	   "/WebTicket/WebTicketService.svc"
#define PATH_NEGOTIATE	   PATH_WEBTICKET "/WinNegotiate"

#endif
