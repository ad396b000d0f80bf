"""The plug-in `pulumi-resource-virtfusion`, which every language and `pulumi import` can use."""
