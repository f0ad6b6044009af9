namespace Pneumothorax.Lab.Learning.Native;

/// <summary>What this process settles before torch is loaded into it.</summary>
public static class TorchHost
{
    /// <summary>Call once, before anything else of torch.</summary>
    /// <exception cref="ArgumentException">The folder named by <see cref="TorchLibrary.Variable"/> does not hold a libtorch that loads.</exception>
    public static void Prepare()
    {
        Malloc.KeepFreedMemory();
        OpenMp.WaitPassively();
        TorchLibrary.Load();
    }
}
