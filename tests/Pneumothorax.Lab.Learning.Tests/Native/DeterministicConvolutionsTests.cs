using Pneumothorax.Lab.Learning.Native;
using TorchSharp;

namespace Pneumothorax.Lab.Learning.Tests.Native;

public sealed class DeterministicConvolutionsTests
{
    [Fact]
    public void Require_ThisVersionOfTorch_HasTheSwitch()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The switch is reached on Linux only.");
        torch.InitializeDeviceType(DeviceType.CPU);

        DeterministicConvolutions.Require();

        Assert.True(DeterministicConvolutions.AreRequired());
    }
}
