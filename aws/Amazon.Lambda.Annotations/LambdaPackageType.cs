namespace Amazon.Lambda.Annotations;

/// <summary>How the function's code is deployed.</summary>
public enum LambdaPackageType
{
    Zip = 0,
    Image = 1,
}
