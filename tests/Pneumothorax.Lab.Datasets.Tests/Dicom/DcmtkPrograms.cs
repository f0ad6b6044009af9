using Pneumothorax.Lab.Datasets.Dicom;

namespace Pneumothorax.Lab.Datasets.Tests.Dicom;

internal static class DcmtkPrograms
{
    /// <summary>The test is skipped where the programs are absent.</summary>
    public static void SkipWithout()
    {
        try { Dcmtk.Require(); }
        catch (InvalidDataException exception) { Assert.Skip(exception.Message); }
    }
}
