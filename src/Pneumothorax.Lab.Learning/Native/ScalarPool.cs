using TorchSharp;

namespace Pneumothorax.Lab.Learning.Native;

/// <summary>Numbers for torch that nobody frees.</summary>
/// <remarks>
/// TorchSharp 0.107 makes an object of every number that a tensor is added to, multiplied by or filled with, and keeps it alive only until native
/// code is called. The garbage collector was seen to free one in the middle of the call, which then failed; it could as well have read another
/// number. So in this project a variable holds each number until torch has read it: one of these, or one declared with <c>using</c>.
/// A sum of two tensors has a number too, the factor 1 of the second: <c>one.add(two, ScalarPool.One)</c>.
/// </remarks>
internal static class ScalarPool
{
    public static readonly Scalar Zero = 0;
    public static readonly Scalar One = 1;
}
