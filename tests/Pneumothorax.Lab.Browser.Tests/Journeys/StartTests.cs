namespace Pneumothorax.Lab.Browser.Tests.Journeys;

/// <summary>What an instructor sees at the first start.</summary>
public sealed class StartTests(LabBrowser lab) : Journey(lab)
{
    [Fact]
    public void FirstStart_PrintsInstructorLinkAndClassCode()
    {
        Assert.Contains($"/instructor?token={Portal.InstructorToken}", Lab.Portal.Output);
        Assert.Contains(Portal.ClassCode, Lab.Portal.Output);
    }
}
