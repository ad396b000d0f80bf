// A customer with a key, a resource pack and a server that is installed and running.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/pulumi-virtfusion/sdk/go/virtfusion"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		ada, err := virtfusion.NewUser(ctx, "ada", &virtfusion.UserArgs{
			Name:          pulumi.String("Ada Lovelace"),
			Email:         pulumi.String("ada@example.com"),
			ExtRelationId: pulumi.Int(1001),
			SelfService:   pulumi.Int(3),
		})
		if err != nil {
			return err
		}
		laptop, err := virtfusion.NewSshKey(ctx, "laptop", &virtfusion.SshKeyArgs{
			UserId:    ada.UserId,
			Name:      pulumi.String("laptop"),
			PublicKey: pulumi.String("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp ada@laptop"),
		})
		if err != nil {
			return err
		}
		starter, err := virtfusion.NewResourcePack(ctx, "starter", &virtfusion.ResourcePackArgs{
			Relation: ada.Relation,
			PackId:   pulumi.Int(1),
		})
		if err != nil {
			return err
		}
		web, err := virtfusion.NewServer(ctx, "web", &virtfusion.ServerArgs{
			PackageId:         pulumi.Int(1),
			UserId:            ada.UserId,
			HypervisorGroupId: pulumi.Int(1),
			Name:              pulumi.String("web-1"),
		})
		if err != nil {
			return err
		}
		system, err := virtfusion.NewServerBuild(ctx, "web-system", &virtfusion.ServerBuildArgs{
			ServerId:          web.ServerId,
			OperatingSystemId: pulumi.Int(1),
			Hostname:          pulumi.String("web-1.example.com"),
			SshKeys:           pulumi.Array{laptop.SshKeyId},
		})
		if err != nil {
			return err
		}
		ctx.Export("customer", ada.UserId)
		ctx.Export("server", web.ServerId)
		ctx.Export("address", web.PrimaryIpv4)
		ctx.Export("hostname", system.Hostname)
		ctx.Export("rootPassword", system.Password)
		ctx.Export("packLimits", starter.Limits)
		return nil
	})
}
