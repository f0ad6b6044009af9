namespace Pneumothorax.Lab.Browser.Tests.Journeys;

/// <summary>What an instructor sees at the first start.</summary>
[Collection(LabBrowser.Turns)]
public sealed class StartTests(LabBrowser lab)
{
    [Fact]
    public void FirstStart_PrintsInstructorLinkAndClassCode()
    {
        Assert.Contains($"/instructor?token={Portal.InstructorToken}", lab.Portal.Output);
        Assert.Contains(Portal.ClassCode, lab.Portal.Output);
    }
}
