// A customer with a key, a resource pack and a server that is installed and running.

import * as virtfusion from "@pulumi/virtfusion";

const ada = new virtfusion.User("ada", {
    name: "Ada Lovelace",
    email: "ada@example.com",
    extRelationId: 1001,
    selfService: 3,
});

const laptop = new virtfusion.SshKey("laptop", {
    userId: ada.userId,
    name: "laptop",
    publicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp ada@laptop",
});

const starter = new virtfusion.ResourcePack("starter", { relation: ada.relation, packId: 1 });

const web = new virtfusion.Server("web", {
    packageId: 1,
    userId: ada.userId,
    hypervisorGroupId: 1,
    name: "web-1",
});

const system = new virtfusion.ServerBuild("web-system", {
    serverId: web.serverId,
    operatingSystemId: 1,
    hostname: "web-1.example.com",
    sshKeys: [laptop.sshKeyId],
});

export const customer = ada.userId;
export const server = web.serverId;
export const address = web.primaryIpv4;
export const hostname = system.hostname;
export const rootPassword = system.password;
export const packLimits = starter.limits;
