module virtfusion-go

go 1.25

require (
	example.com/pulumi-virtfusion/sdk/go v0.0.0
	github.com/pulumi/pulumi/sdk/v3 v3.256.0
)

replace example.com/pulumi-virtfusion/sdk/go => ./sdks/go
