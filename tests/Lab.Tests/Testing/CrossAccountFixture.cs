namespace Dbre.Lab.Tests.Testing;

/// <summary>A lab with the stacks that a policy with a copy in another account calls for.</summary>
public sealed class CrossAccountFixture() : OwnPoliciesFixture(Policies.Of("nightly", "*", copies: Policies.Copy("alias/dbre", account: NightLab.OtherAccount)));
